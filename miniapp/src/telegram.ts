import {
  backButton,
  closingBehavior,
  downloadFile,
  hapticFeedback,
  init,
  invoice,
  mainButton,
  miniApp,
  on,
  openLink,
  openTelegramLink,
  secondaryButton,
  themeParams,
  viewport,
} from '@tma.js/sdk';
import { type Launch, queryOf, readLaunch, type Theme, tidyQuery } from './launch.ts';

/** True where a Telegram client listens; in a plain browser the page draws its own buttons. */
export const native =
  'TelegramWebviewProxy' in window || window.parent !== window || hasNotify(window.external);

function hasNotify(external: unknown): boolean {
  return typeof external === 'object' && external !== null && 'notify' in external;
}

const KEPT = 'comptoir/launch'; // in the session's storage: a page that is loaded again has lost its address

/** Reads what Telegram launched us with, takes its theme and asks for the full height (A53). */
export function start(): Launch | null {
  const [navigation] = performance.getEntriesByType('navigation');
  const launch = readLaunch([queryOf(location.href), queryOf(navigation?.name ?? ''), keptQuery()]);
  theme = launch?.theme ?? null;
  if (launch) {
    keepQuery(`tgWebAppData=${encodeURIComponent(launch.initData)}&${tidyQuery(launch)}`);
    if (!location.hash.startsWith('#/')) history.replaceState(null, '', `#${tidyQuery(launch)}`);
  }
  if (native && launch) startBridge(launch);
  applyTheme();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme);
  return launch;
}

function keptQuery(): string {
  try {
    return sessionStorage.getItem(KEPT) ?? '';
  } catch (error) {
    return refusedStorage(error, '');
  }
}

function keepQuery(query: string): void {
  try {
    sessionStorage.setItem(KEPT, query);
  } catch (error) {
    refusedStorage(error, undefined);
  }
}

/** A browser may refuse storage to a page in a frame: then a page that is loaded again is opened anew. */
function refusedStorage<T>(error: unknown, otherwise: T): T {
  if (error instanceof DOMException) return otherwise;
  throw error;
}

function startBridge(launch: Launch): void {
  init({ version: launch.version, isInlineMode: false, themeParams: launch.theme });
  miniApp.mount.ifAvailable();
  themeParams.mount.ifAvailable();
  themeParams.bindCssVars.ifAvailable();
  mountViewport();
  for (const part of [mainButton, secondaryButton, backButton, closingBehavior]) part.mount.ifAvailable();
  miniApp.ready.ifAvailable();
  on('theme_changed', applyTheme);
}

let theme: Theme | null = null;

/** Dark is Telegram's word, or the system's outside Telegram; its colours go to --tg-theme-*. */
function applyTheme(): void {
  const mounted = native && themeParams.isMounted();
  const background = mounted ? themeParams.bgColor() : theme?.bg_color;
  const dark = background ? isDark(background) : matchMedia('(prefers-color-scheme: dark)').matches;
  const root = document.documentElement;
  root.dataset.theme = dark ? 'dark' : 'light';
  if (mounted || !theme) return;
  for (const [name, color] of Object.entries(theme)) {
    root.style.setProperty(`--tg-theme-${name.replaceAll('_', '-')}`, color);
  }
}

/** Perceived lightness below one half (ITU-R BT.601 weights). */
export function isDark(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\da-f]{2}/gi) ?? []).map((hex) => parseInt(hex, 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

function mountViewport(): void {
  const mounting = viewport.mount.ifAvailable();
  if (mounting.ok) {
    mounting.data.then(
      () => viewport.bindCssVars.ifAvailable(),
      (error: unknown) => console.error('Telegram did not tell its viewport', error),
    );
  }
  viewport.expand.ifAvailable();
}

export interface NativeButton {
  text: string;
  onClick: () => void;
  disabled?: boolean | undefined;
  busy?: boolean | undefined;
}

/** Whether Telegram itself can show this button (the second one needs Bot API 7.10). */
export function hasButton(which: 'main' | 'secondary'): boolean {
  return native && (which === 'main' || secondaryButton.setParams.isAvailable());
}

/** Shows Telegram's own button at the bottom; returns what takes it away again. */
export function showButton(which: 'main' | 'secondary', { text, onClick, disabled, busy }: NativeButton) {
  const button = which === 'main' ? mainButton : secondaryButton;
  button.setParams.ifAvailable({
    text,
    isVisible: true,
    isEnabled: !disabled && !busy,
    isLoaderVisible: busy ?? false,
  });
  button.onClick.ifAvailable(onClick);
  return () => {
    button.offClick.ifAvailable(onClick);
    button.setParams.ifAvailable({ isVisible: false });
  };
}

/** Shows Telegram's back arrow; returns what takes it away again. */
export function showBack(onClick: () => void): () => void {
  if (!native) return () => undefined;
  backButton.show.ifAvailable();
  backButton.onClick.ifAvailable(onClick);
  return () => {
    backButton.offClick.ifAvailable(onClick);
    backButton.hide.ifAvailable();
  };
}

/** A buzz in the hand, where the device has one. */
export function buzz(what: 'success' | 'error' | 'tap'): void {
  if (!native) return;
  if (what === 'tap') hapticFeedback.impactOccurred.ifAvailable('light');
  else hapticFeedback.notificationOccurred.ifAvailable(what);
}

/** Asks before the page closes, while closing would interrupt something. */
export function guardClosing(guard: boolean): void {
  window.onbeforeunload = guard ? (event) => event.preventDefault() : null;
  if (!native) return;
  if (guard) closingBehavior.enableConfirmation.ifAvailable();
  else closingBehavior.disableConfirmation.ifAvailable();
}

export function close(): void {
  if (native) miniApp.close.ifAvailable();
  else window.close();
}

/** Opens a link where it belongs: t.me in Telegram, the rest in the browser. */
export function open(url: string): void {
  if (native && /^https:\/\/t\.me\//.test(url)) openTelegramLink.ifAvailable(url);
  else if (native) openLink.ifAvailable(url);
  else window.open(url, '_blank', 'noopener');
}

/** Has Telegram ask for the money of an invoice; elsewhere it is paid where the link leads. */
export async function pay(url: string): Promise<'paid' | 'cancelled' | 'failed' | 'pending'> {
  if (!native || !invoice.openUrl.isAvailable()) {
    open(url);
    return 'pending';
  }
  const status = await invoice.openUrl(url);
  return status === 'paid' || status === 'cancelled' || status === 'failed' ? status : 'pending';
}

/**
 * Downloads through Telegram (Bot API 8.0, HTTPS only), else opens the link: its answer is an attachment.
 * What iOS does with downloadFile is not documented, so a refusal falls back to the link too.
 */
export async function download(url: string, fileName: string): Promise<void> {
  const link = new URL(url, location.href).href;
  if (native && link.startsWith('https:') && downloadFile.isAvailable()) {
    try {
      return await downloadFile(link, fileName);
    } catch (error) {
      console.error('Telegram did not take the download', error);
    }
  }
  open(link);
}
