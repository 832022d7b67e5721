import { signal } from '@preact/signals';

/** Screens whose path is their name alone. */
const PLAIN = [
  'library',
  'memberships',
  'sales',
  'members',
  'numbers',
  'people',
  'settings',
  'cards',
  'orders',
  'statement',
] as const;
type Plain = (typeof PLAIN)[number];

export type Route =
  | { screen: 'products' | 'new' | Plain }
  | { screen: 'edit'; product: number }
  | { screen: 'order'; number: string }
  | { screen: 'upload'; product: number | null; replaces: string | null }
  | { screen: 'view'; slug: string };

/** The screen for a path such as /products/12/edit or /upload?product=12; my products for any other. */
export function readRoute(path: string): Route {
  const [name = '', query = ''] = path.split('?', 2);
  const parts = name.split('/').filter(Boolean);
  const params = new URLSearchParams(query);
  if (parts[0] === 'products' && parts[1] === 'new') return { screen: 'new' };
  if (parts[0] === 'products' && parts[2] === 'edit' && Number(parts[1]))
    return { screen: 'edit', product: Number(parts[1]) };
  if (parts[0] === 'upload')
    return {
      screen: 'upload',
      product: Number(params.get('product')) || null,
      replaces: params.get('replaces'),
    };
  if (parts[0] === 'orders' && parts[1]) return { screen: 'order', number: decodeURIComponent(parts[1]) };
  if (parts[0] === 'p' && parts[1]) return { screen: 'view', slug: decodeURIComponent(parts[1]) };
  return { screen: PLAIN.find((screen) => screen === parts[0]) ?? 'products' };
}

/**
 * The path that a link to the Mini App asked for: ?go=/upload, or start_param p_slug or a screen's name; else
 * the `usual` one.
 */
export function readEntry(search: string, startParam: string | undefined, usual: string): string {
  const path = new URLSearchParams(search).get('go');
  if (path?.startsWith('/')) return path;
  if (startParam?.startsWith('p_')) return `/p/${startParam.slice(2)}`;
  return startParam ? `/${startParam}` : usual;
}

/** Where we are. The path lives in the location's hash once Telegram's own parameters were read from it. */
export const route = signal<Route>({ screen: 'products' });

export function startRouter(entry: string): void {
  const own = location.hash.startsWith('#/');
  if (!own) history.replaceState(null, '', `#${entry}`);
  const follow = () => {
    route.value = readRoute(location.hash.slice(1));
    scrollTo(0, 0);
  };
  addEventListener('hashchange', follow);
  follow();
}

export function go(path: string): void {
  location.hash = path;
}
