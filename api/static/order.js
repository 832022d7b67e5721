// Asks how far the order is, and shows the page anew when something has changed. Without this file the page
// reloads itself, and everything else works as well.
const order = document.getElementById("order");
const FIRST = 2000;
const LONGEST = 15000;
let pause = FIRST;

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(order.dataset.status, { cache: "no-store", credentials: "omit" });
      if (answer.ok && (await answer.json()).version !== order.dataset.version) {
        location.replace(order.dataset.page); // what a form brought stands at an address that is no page
        return;
      }
    } catch {
      // The line is down; the next look will tell.
    }
    pause = Math.min(pause * 1.1, LONGEST);
  }
  setTimeout(look, pause);
}

const copy = document.getElementById("copy");
if (copy && navigator.clipboard) {
  const code = document.getElementById("claim-code");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.value);
      copy.nextElementSibling.textContent = copy.dataset.copied;
    } catch {
      code.select(); // the browser does not let us: a person copies what is chosen
    }
  });
}

document.addEventListener("visibilitychange", () => {
  pause = FIRST;
});
setTimeout(look, pause);
