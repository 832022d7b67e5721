// Downloads into a file that the person chose, and goes on where it stopped: after a broken line, an expired
// address of the store, a closed page. A browser's own download goes on at the store's address, which lives for
// minutes; this asks our link again, which signs anew. Without this file the plain link of the page works.
const page = document.getElementById("download");
const { link, file: key, name, ...words } = page.dataset;
const size = Number(page.dataset.size);
const [main, again] = page.querySelectorAll("button");
const [bar, figures, said] = ["progress", ".figures", "[role=status]"].map((one) => page.querySelector(one));
const MIB = 2 ** 20;
const SILENCE = 60_000; // milliseconds without a byte, after which the line is taken for dead
const LONGEST = 30_000; // milliseconds between two attempts

class DiskError extends Error {}
let handle; // the chosen file, kept in IndexedDB over a reload
let out; // what is written here becomes part of the file when it is closed
let at = 0; // bytes written
let kept = 0; // bytes that the file itself has
let begun = { at, when: 0 };
let attempt; // ends the request that is under way
let paused = true;
let wake = () => {};

function stored(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("downloads", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const turn = opening.result.transaction("files", mode);
      const asked = act(turn.objectStore("files"));
      turn.onabort = () => failed(turn.error);
      turn.oncomplete = () => done(asked.result);
    };
  });
}

const disk = (work) =>
  work.catch((error) => {
    throw new DiskError(error.name);
  });

async function open() {
  out = await disk(handle.createWritable({ keepExistingData: at > 0, mode: "exclusive" }));
  await disk(out.seek(at));
}

async function write(bytes) {
  await disk(out.write(bytes));
  at += bytes.length;
  // Opening again copies what the file has. By halves, a file is copied three times over at most.
  if (at - kept < Math.max(8 * MIB, kept / 2)) return;
  await disk(out.close());
  kept = at;
  await open();
}

/** One request, until it ends or fails. True when our own link refuses: the page, rendered anew, says why. */
async function receive() {
  attempt = new AbortController();
  const request = attempt;
  let alarm = setTimeout(() => request.abort(), SILENCE);
  try {
    const options = { cache: "no-store", credentials: "omit", signal: request.signal };
    const answer = await fetch(link, { ...options, headers: { range: `bytes=${at}-` } });
    if (!answer.redirected && answer.status >= 400 && answer.status < 500) return true;
    // The length is the one header that every store shows to a page. Who ignores a range sends everything.
    const start = size - Number(answer.headers.get("content-length"));
    if (!answer.ok || !(start >= 0 && start <= at)) throw new Error(`answered ${answer.status}`);
    if (start < at) await disk(out.seek(start));
    at = start;
    tell("running");
    for await (const bytes of answer.body) {
      clearTimeout(alarm);
      await write(bytes);
      alarm = setTimeout(() => request.abort(), SILENCE);
    }
  } finally {
    clearTimeout(alarm);
  }
}

async function transfer() {
  if (!paused) return; // pressed twice
  paused = false;
  begun = { at, when: performance.now() };
  show("running", words.pause);
  const drawing = setInterval(draw, 1000);
  try {
    await open();
    for (let pause = 1000; at < size && !paused; pause = Math.min(2 * pause, LONGEST)) {
      const before = at;
      const refused = await receive().catch((error) => {
        if (error instanceof DiskError) throw error; // any other break is tried again
      });
      if (refused) {
        await disk(out.close());
        paused = true;
        return location.reload();
      }
      if (at > before) pause = 1000;
      if (at < size && !paused) await rest(pause);
    }
    await disk(out.close());
    paused = main.disabled = true;
    if (at < size) return show("paused", words.go, words.over);
    if ((await disk(handle.getFile())).size !== size) throw new DiskError("size");
    await stored("readwrite", (files) => files.delete(key));
    show("done");
  } catch (error) {
    paused = true;
    attempt?.abort();
    await out?.abort().catch(() => {});
    show("disk", words.go, words.over);
    if (!(error instanceof DiskError)) throw error;
  } finally {
    paused = true;
    clearInterval(drawing);
  }
}

/** Waits before the next attempt; the return of the network, or the person, ends it early. */
function rest(milliseconds) {
  tell("waiting");
  draw();
  return new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, milliseconds);
  });
}

function pause() {
  paused = main.disabled = true;
  attempt?.abort();
  wake();
}

async function begin() {
  handle = await window.showSaveFilePicker({ suggestedName: name });
  await stored("readwrite", (files) => files.put(handle, key));
  at = kept = 0;
  await transfer();
}

async function goOn() {
  if ((await handle.requestPermission({ mode: "readwrite" })) !== "granted") return;
  if (await look()) await transfer();
}

/** How far the file has come; one that is gone, or grew, is not ours to go on with. */
async function look() {
  const found = await handle.getFile().catch(() => null);
  if (!found || found.size > size) {
    handle = undefined;
    at = 0;
    await stored("readwrite", (files) => files.delete(key));
    show("lost", words.start);
    return false;
  }
  at = kept = found.size;
  return true;
}

/** How much has come; while it comes, also the mean speed since it began, and the time left. */
function draw() {
  const language = document.documentElement.lang;
  const written = (value, options) => new Intl.NumberFormat(language, options).format(value);
  const parts = [written(Math.floor((100 * at) / size) / 100, { style: "percent" })];
  const speed = ((at - begun.at) * 1000) / (performance.now() - begun.when);
  if (!paused && speed > 0) {
    const left = (size - at) / speed;
    const [unit, seconds] = left < 90 ? ["second", 1] : left < 5400 ? ["minute", 60] : ["hour", 3600];
    const fast = { style: "unit", unit: "megabyte-per-second", maximumFractionDigits: 1 };
    parts.push(written(speed / 1e6, fast));
    parts.push(new Intl.RelativeTimeFormat(language).format(Math.ceil(left / seconds), unit));
  }
  bar.value = at / size;
  figures.textContent = parts.join(" · ");
}

/** The words of a state, once each: a screen reader says them. */
function tell(state) {
  if (page.dataset.state !== state) said.textContent = words[state] ?? "";
  page.dataset.state = state;
}

function show(state, label, other) {
  tell(state);
  draw();
  bar.hidden = figures.hidden = at === 0 && state !== "running";
  for (const [button, caption] of [[main, label], [again, other]]) {
    button.hidden = !caption;
    button.disabled = false;
    button.textContent = caption ?? "";
  }
}

const closed = (error) => {
  if (error.name !== "AbortError") throw error; // else the person closed the dialogue
};

main.addEventListener("click", () => (paused ? (handle ? goOn() : begin()).catch(closed) : pause()));
again.addEventListener("click", () => begin().catch(closed));
addEventListener("online", () => wake());
addEventListener("beforeunload", (event) => {
  if (paused) return;
  event.preventDefault();
  pause(); // while the browser asks, what was written is put into the file
});

if ("showSaveFilePicker" in window && Symbol.asyncIterator in ReadableStream.prototype) {
  stored("readonly", (files) => files.get(key)).then(async (found) => {
    handle = found;
    const readable = (await handle?.queryPermission({ mode: "readwrite" })) === "granted";
    if (!readable || (await look())) {
      if (readable && at === 0) handle = undefined; // nothing came: the place is chosen anew
      if (handle) show("kept", words.go, words.over);
      else show("idle", words.start);
    }
    page.querySelector("#resumable").hidden = false;
    page.querySelector("#unable").hidden = true;
  });
}
