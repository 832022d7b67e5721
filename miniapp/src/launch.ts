// What Telegram opened the page with, read leniently: what is signed counts, the rest has defaults.
// https://core.telegram.org/api/bots/webapps#launch-parameters

/** Colours by Telegram's names, each as #rrggbb. */
export type Theme = Record<string, Hex>;
type Hex = `#${string}`;

export interface Launch {
  /** The signed query string, exactly as Telegram gave it; empty when it gave none. */
  initData: string;
  languageCode: string | undefined;
  startParam: string | undefined;
  theme: Theme;
  platform: string;
  version: string;
  fullscreen: boolean;
}

const OLDEST = '6.0'; // the first Bot API with Mini Apps: what a client that names none can do

/** The parameters in an address: after its first ? or #, wherever a router has put the rest. */
export function queryOf(address: string): string {
  return address.replace(/^[^?#]*[?#]?/, '').replace(/[?#]/g, '&');
}

/** The launch in the first query that has signed data; null where none has. */
export function readLaunch(queries: string[]): Launch | null {
  const query = queries.find((each) => new URLSearchParams(each).get('tgWebAppData'));
  if (query === undefined) return null;
  const params = new URLSearchParams(query);
  const initData = params.get('tgWebAppData') ?? '';
  const signed = new URLSearchParams(initData);
  const version = params.get('tgWebAppVersion') ?? '';
  return {
    initData,
    languageCode: languageIn(signed.get('user')),
    startParam: params.get('tgWebAppStartParam') || signed.get('start_param') || undefined,
    theme: themeIn(params.get('tgWebAppThemeParams')),
    platform: params.get('tgWebAppPlatform') || 'unknown',
    version: /^\d+(\.\d+)*$/.test(version) ? version : OLDEST,
    fullscreen: params.get('tgWebAppFullscreen') === '1',
  };
}

/** The same launch for Telegram's SDK, which refuses all of it for one odd part. It needs no signed data. */
export function tidyQuery({ platform, version, theme, fullscreen }: Launch): string {
  return new URLSearchParams({
    tgWebAppPlatform: platform,
    tgWebAppVersion: version,
    tgWebAppThemeParams: JSON.stringify(theme),
    ...(fullscreen && { tgWebAppFullscreen: '1' }),
  }).toString();
}

/** A colour as #rrggbb, its transparency left out; null for what is none. */
export function toHex(color: unknown): Hex | null {
  if (typeof color !== 'string') return null;
  const words = color.trim().toLowerCase();
  const short = /^#([\da-f])([\da-f])([\da-f])[\da-f]?$/.exec(words);
  if (short)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')}`;
  if (/^#[\da-f]{6}([\da-f]{2})?$/.test(words)) return `#${words.slice(1, 7)}`;
  const parts = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*([,/]\s*[\d.]+%?\s*)?\)$/.exec(words);
  const numbers = parts?.slice(1, 4).map(Number);
  if (!numbers || numbers.some((number) => number > 255)) return null;
  return `#${numbers.map((number) => number.toString(16).padStart(2, '0')).join('')}`;
}

function themeIn(raw: string | null): Theme {
  const theme: Theme = {};
  for (const [name, color] of Object.entries(objectIn(raw))) {
    const hex = toHex(color);
    if (hex && /^[a-z][a-z_]*$/.test(name)) theme[name] = hex;
  }
  return theme;
}

function languageIn(user: string | null): string | undefined {
  const { language_code: code } = objectIn(user);
  return typeof code === 'string' ? code : undefined;
}

/** The object in a text of JSON; an empty one where the text holds anything else. */
function objectIn(raw: string | null): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(raw ?? '{}');
    return typeof content === 'object' && content !== null ? { ...content } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
