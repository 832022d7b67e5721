// Starts the teaser by itself, unless the reader has asked for less motion; its controls stay in any case.
// Without this file the poster waits to be pressed.
const teaser = document.querySelector("video.preview");

if (!matchMedia("(prefers-reduced-motion: reduce)").matches && !navigator.connection?.saveData) {
  teaser.play().catch(() => {
    // The browser plays nothing by itself: the poster and the controls are there.
  });
}
