// Focus an element when a page or a fragment is loaded, such as the error summary of a form.
export function bind(scope) {
  const target = scope.matches?.("[data-focus]") ? scope : scope.querySelector("[data-focus]");
  target?.focus();
}
