// What needs attention first when a page or a fragment opens, such as the summary of what is wrong in a form.
export function bind(scope) {
  const target = scope.matches?.("[data-focus]") ? scope : scope.querySelector("[data-focus]");
  target?.focus();
}
