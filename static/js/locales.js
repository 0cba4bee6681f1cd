// Locales for numbers and times: the page's language, or Russian where the browser lacks it. Otherwise the browser's own locale would be used.
export const locales = [document.documentElement.lang, "ru"];
