// The arrow keys go to the step before and after. Without this script the links and their access keys do the same.
document.addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next", Home: "first", End: "last" }[event.key];
  const typing = event.target instanceof HTMLInputElement;
  if (!rel || typing || event.altKey || event.ctrlKey || event.metaKey) return;
  document.querySelector(`a[rel="${rel}"]`)?.click();
});
