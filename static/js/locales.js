// Whose figures and hours to write: the page's language; Russian where the browser does not know that one, which would else write as its owner does.
export const locales = [document.documentElement.lang, "ru"];
