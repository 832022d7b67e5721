import { retrieveLaunchParams } from '@tma.js/sdk';
import { afterEach, expect, test } from 'vitest';
import { queryOf, readLaunch, tidyQuery, toHex } from '../../src/launch.ts';

const USER = '{"id":7,"first_name":"Awa & Ko","language_code":"fr"}';
const SIGNED = new URLSearchParams({ user: USER, auth_date: '1', signature: 's', hash: 'h' }).toString();
const USUAL = {
  tgWebAppData: SIGNED,
  tgWebAppVersion: '8.0',
  tgWebAppPlatform: 'ios',
  tgWebAppThemeParams: '{"bg_color":"#17212b","text_color":"#ffffff"}',
};

afterEach(() => sessionStorage.clear());

const launchOf = (params: Record<string, string>) =>
  readLaunch([queryOf(`https://shop.example/app/#${new URLSearchParams(params)}`)]);
const without = (name: keyof typeof USUAL) =>
  Object.fromEntries(Object.entries(USUAL).filter(([key]) => key !== name));

const ODD: Record<string, Record<string, string>> = {
  usual: USUAL,
  'no platform': without('tgWebAppPlatform'),
  'an empty platform': { ...USUAL, tgWebAppPlatform: '' },
  'no version': without('tgWebAppVersion'),
  'an odd version': { ...USUAL, tgWebAppVersion: 'next' },
  'no theme': without('tgWebAppThemeParams'),
  'a theme that is no JSON': { ...USUAL, tgWebAppThemeParams: '{"bg_color":' },
  'a theme that is a list': { ...USUAL, tgWebAppThemeParams: '["#fff"]' },
  'a theme that is null': { ...USUAL, tgWebAppThemeParams: 'null' },
  'a transparent colour': { ...USUAL, tgWebAppThemeParams: '{"bg_color":"rgba(23, 33, 43, 0.5)"}' },
  'a colour that is none': { ...USUAL, tgWebAppThemeParams: '{"bg_color":7,"text_color":"reddish"}' },
  'unknown parameters': { ...USUAL, tgWebAppFuture: '[1', other: '' },
  'odd flags': { ...USUAL, tgWebAppBotInline: 'yes', tgWebAppFullscreen: 'maybe', tgWebAppShowSettings: '' },
  'odd default colours': { ...USUAL, tgWebAppDefaultColors: 'none' },
  'no signature': { ...USUAL, tgWebAppData: new URLSearchParams({ user: USER, hash: 'h' }).toString() },
  'an empty signature': { ...USUAL, tgWebAppData: `${SIGNED.replace('=s', '=')}` },
  'signed data of the future': { ...USUAL, tgWebAppData: `${SIGNED}&chat_type=galaxy&new=1` },
};

test.each(Object.entries(ODD))('signed data is read as it is with %s, and the SDK starts', (_, params) => {
  const launch = launchOf(params);
  expect(launch?.initData).toBe(params.tgWebAppData);
  expect(launch?.languageCode).toBe('fr');
  history.replaceState(null, '', `#${tidyQuery(launch as NonNullable<typeof launch>)}`);
  const { tgWebAppVersion, tgWebAppPlatform } = retrieveLaunchParams();
  expect(tgWebAppVersion).toMatch(/^\d+\.\d+$/);
  expect(tgWebAppPlatform).not.toBe('');
});

test('a person that is not readable leaves the language to the device', () => {
  for (const user of ['', '{', '[]', 'null', '{"language_code":7}'])
    expect(launchOf({ tgWebAppData: `user=${user}&hash=h` })?.languageCode).toBeUndefined();
});

test('the first address with signed data counts, wherever it stands in it', () => {
  const query = new URLSearchParams({ tgWebAppData: 'hash=h' });
  expect(readLaunch(['', '/products', query.toString()])?.initData).toBe('hash=h');
  for (const address of [`/app/?${query}`, `/app/?go=/upload#${query}`, `/app/#/products?${query}`])
    expect(readLaunch([queryOf(address)])?.initData).toBe('hash=h');
  expect(readLaunch(['', '/products', 'tgWebAppData='])).toBeNull();
});

test('what the page was started with is told by the address, else by what was signed', () => {
  const signed = 'start_param=p_signed&hash=h';
  expect(launchOf({ tgWebAppData: signed })?.startParam).toBe('p_signed');
  expect(launchOf({ tgWebAppData: signed, tgWebAppStartParam: 'p_link' })?.startParam).toBe('p_link');
});

test.each([
  ['#17212B', '#17212b'],
  ['#17212bcc', '#17212b'],
  ['#fff', '#ffffff'],
  ['#f0fa', '#ff00ff'],
  ['rgb(23,33,43)', '#17212b'],
  ['rgba(23, 33, 43, .5)', '#17212b'],
  ['rgb(23 33 43 / 50%)', '#17212b'],
  ['rgb(300,0,0)', null],
  ['red;--x:url(//evil)', null],
  ['', null],
  [null, null],
  [0x17212b, null],
])('the colour %s is %s', (color, hex) => {
  expect(toHex(color)).toBe(hex);
});
