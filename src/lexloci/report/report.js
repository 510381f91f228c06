// Opens what a link points at, and filters the matrix. The report is whole without it.
const openTarget = () => {
  let node = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!node) return;
  const inner = node.querySelector("details");
  if (inner && node.tagName === "ARTICLE") inner.open = true;
  for (let up = node; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  node.scrollIntoView();
};
addEventListener("hashchange", openTarget);
if (location.hash) openTarget();
const form = document.querySelector(".filter");
if (form) {
  const words = form.querySelector("input");
  const outcome = form.querySelector("select");
  form.hidden = false;
  const apply = () => {
    const wanted = words.value.trim().toLowerCase();
    for (const row of document.querySelectorAll(".matrix tbody tr")) {
      const named = row.querySelector("th").textContent.toLowerCase().includes(wanted);
      const has = !outcome.value || row.querySelector("td ." + outcome.value);
      row.hidden = !(named && has);
    }
  };
  words.addEventListener("input", apply);
  outcome.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
}
