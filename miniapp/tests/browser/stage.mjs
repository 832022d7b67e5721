// Chromium, a shop and a Telegram client's side of the Mini App bridge.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { openShop, watch } from './shop.mjs';

export const THEMES = {
  light: {
    bg_color: '#ffffff',
    text_color: '#000000',
    hint_color: '#999999',
    link_color: '#2481cc',
    button_color: '#2481cc',
    button_text_color: '#ffffff',
    secondary_bg_color: '#efeff3',
    section_bg_color: '#ffffff',
  },
  dark: {
    bg_color: '#17212b',
    text_color: '#f5f5f5',
    hint_color: '#708499',
    link_color: '#6ab3f3',
    button_color: '#5288c1',
    button_text_color: '#ffffff',
    secondary_bg_color: '#232e3c',
    section_bg_color: '#17212b',
  },
};

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const launchChromium = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });

export async function openStage(settings) {
  const [shop, browser] = await Promise.all([openShop(settings), launchChromium()]);
  return { shop, browser, close: () => browser.close() };
}

/** The address that a Telegram client would open: its launch parameters are in the hash. */
export function launchUrl(origin, { path = '/products', theme = 'light', initData, launch = {} }) {
  const params = {
    tgWebAppData: initData,
    tgWebAppVersion: '8.0',
    tgWebAppPlatform: 'android',
    tgWebAppThemeParams: JSON.stringify(THEMES[theme]),
    ...launch,
  };
  const present = Object.entries(params).filter(([, value]) => value !== undefined);
  return `${origin}/app/?go=${encodeURIComponent(path)}#${new URLSearchParams(present)}`;
}

const watched = new WeakMap();

/**
 * Opens the Mini App for a person of the shop, its seller if none is named. Every error on the page's console
 * fails the test that asks for `faults`; `seen` is what all pages of the context asked of the shop.
 */
export async function openPage({ browser, shop }, options = {}) {
  const { width = 390, height = 844, person = shop.people.seller, language = 'fr' } = options;
  const context = options.context ?? (await browser.newContext({ viewport: { width, height } }));
  if (!watched.has(context)) watched.set(context, watch(context, shop));
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  if (options.telegram) await page.addInitScript(standIn);
  if (options.speed) await setNetwork(page, options);
  const { telegram_id, name } = person;
  const initData = await shop.do('sign', { telegram_id, name, language, ...options.signed });
  await page.goto(launchUrl(shop.origin, { ...options, initData }));
  await page.locator('h1').first().waitFor();
  return { page, context, faults, seen: watched.get(context) };
}

const networks = new WeakMap();

/** What a page's network is like: cut, or sending no more than `speed` bytes a second. */
export async function setNetwork(page, { offline = false, speed = -1 }) {
  if (!networks.has(page)) networks.set(page, await page.context().newCDPSession(page));
  const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: speed };
  await networks.get(page).send('Network.emulateNetworkConditions', conditions);
}

/** In the page: the client's side of the bridge. It records what the app asked and can press a button. */
export function standIn() {
  const events = [];
  const answers = {
    web_app_request_viewport: [
      'viewport_changed',
      { height: 800, width: 390, is_expanded: true, is_state_stable: true },
    ],
    web_app_request_safe_area: ['safe_area_changed', { top: 0, bottom: 0, left: 0, right: 0 }],
    web_app_request_content_safe_area: [
      'content_safe_area_changed',
      { top: 0, bottom: 0, left: 0, right: 0 },
    ],
  };
  const tell = (eventType, eventData) =>
    window.dispatchEvent(
      new MessageEvent('message', { data: JSON.stringify({ eventType, eventData }), source: window.parent }),
    );
  window.telegram = {
    events,
    tell,
    last: (name) => events.filter((each) => each.name === name).at(-1)?.data,
  };
  window.TelegramWebviewProxy = {
    postEvent: (name, data) => {
      events.push({ name, data: data ? JSON.parse(data) : null });
      if (answers[name]) queueMicrotask(() => tell(...answers[name]));
    },
  };
}

/** A picture for people in the folder that SCREENSHOTS names; without it none, for each costs as much as an audit. */
export async function photograph(view, name, options = { fullPage: true }) {
  const folder = process.env.SCREENSHOTS;
  if (folder) await view.screenshot({ path: `${folder}/${name}.png`, ...options });
}

/** By how many pixels the page is wider than its window. */
export const findOverflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Whether nothing sticks out at each of these widths, in pixels; a picture of each is named by it. */
export async function fitInto(page, widths, name, view = page, options) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    assert.equal(await findOverflow(page), 0, `${name}: nothing sticks out at ${width} px`);
    await photograph(view, `${name}-${width}`, options);
  }
}

/** What axe-core finds serious or worse, WCAG 2.1 AA. */
export async function findBarriers(page) {
  await page.evaluate(AXE);
  // Media are not waited for: the tests' teaser is no film, so that axe-core would wait its whole ten seconds.
  const { violations } = await page.evaluate(() =>
    window.axe.run({ resultTypes: ['violations'], preload: { assets: ['cssom'] } }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
    );
}
