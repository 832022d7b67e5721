// Chromium for tests that are not written in JavaScript: a JSON command a line comes in, a JSON answer goes out.
// It is one person's browser: what a page keeps is there when the next one is opened.
import { createInterface } from 'node:readline';
import { launchChromium, launchUrl, standIn } from './stage.mjs';

const VIEWPORT = { width: 390, height: 844 };
const SHORT = 15; // seconds

const browser = await launchChromium();
const context = await browser.newContext({ viewport: VIEWPORT });
await context.addInitScript(standIn);
let page;
const faults = [];

const milliseconds = (seconds = SHORT) => ({ timeout: seconds * 1000 });

const COMMANDS = {
  /** The Mini App at `path` of the shop at `origin`, as Telegram opens it with this initData. */
  async open({ origin, ...launch }) {
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(launchUrl(origin, launch));
    await page.locator('h1').first().waitFor(milliseconds());
  },
  /** Any page; where it asks to save a file, it gets one of its own: no dialogue opens without a screen. */
  async visit({ url, theme }) {
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.emulateMedia({ colorScheme: theme });
    await page.addInitScript(() => {
      window.showSaveFilePicker = async ({ suggestedName }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    });
    await page.goto(url);
  },
  /** SHA-256 of the file that a page has saved so, in hexadecimal. */
  digest: ({ name }) =>
    page.evaluate(async (saved) => {
      const handle = await (await navigator.storage.getDirectory()).getFileHandle(saved);
      const bytes = await (await handle.getFile()).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    }, name),
  pick: ({ files }) => page.locator('input[type=file]').first().setInputFiles(files),
  click: ({ name }) => page.getByRole('button', { name, exact: true }).first().click(milliseconds()),
  /** Until the selector finds something to be seen; its text. */
  async wait({ selector, seconds }) {
    const place = page.locator(selector).first();
    await place.waitFor(milliseconds(seconds));
    return place.textContent();
  },
  /** Until the first progress bar is at `percent` or further. */
  async waitPercent({ percent, seconds }) {
    const reached = (least) =>
      Number(document.querySelector('[role=progressbar]')?.ariaValueNow ?? Number.NaN) >= least;
    await page.waitForFunction(reached, percent, milliseconds(seconds));
  },
  /** A picture of the page at each width. */
  async photograph({ path, widths }) {
    for (const width of widths) {
      await page.setViewportSize({ width, height: VIEWPORT.height });
      await page.screenshot({ path: path.replace('{width}', width), fullPage: true });
    }
    await page.setViewportSize(VIEWPORT);
  },
  close: () => page.close(),
  /** Errors that no script of the page caught. */
  faults: () => faults,
};

const textOfPage = () => page?.locator('body').innerText({ timeout: 1000 }) ?? 'nothing, as it is not open';

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...details } = JSON.parse(line);
  const answer = await Promise.resolve(COMMANDS[command](details)).then(
    (value) => ({ value: value ?? null }),
    async (error) => ({ error: `${error}\nThe page shows:\n${await textOfPage()}` }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
