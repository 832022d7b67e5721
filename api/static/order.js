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
        location.replace(location.href);
        return;
      }
    } catch {
      // The line is down; the next look will tell.
    }
    pause = Math.min(pause * 1.1, LONGEST);
  }
  setTimeout(look, pause);
}

document.addEventListener("visibilitychange", () => {
  pause = FIRST;
});
setTimeout(look, pause);
