// Typing shows only those choices of a list that have the words. Without this script the list is whole.
for (const field of document.querySelectorAll("input[data-filters]")) {
  const list = document.getElementById(field.dataset.filters);
  field.hidden = false;
  field.addEventListener("input", () => {
    const words = field.value.trim().toLowerCase();
    for (const folded of list.querySelectorAll("details")) folded.open ||= words !== "";
    for (const one of list.querySelectorAll("label")) {
      const chosen = one.querySelector("input").checked;
      one.hidden = !chosen && !one.textContent.toLowerCase().includes(words);
    }
  });
}
