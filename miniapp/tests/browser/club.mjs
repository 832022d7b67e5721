// Memberships, members and the market's figures in the tests' shop.
const stars = (amount) => ({ amount, currency: 'XTR' });
const nothing = { enter: false, cancel: false, undo: false, pause: false, resume: false };

const held = (id, changed) => ({
  id,
  title: 'Couture privée',
  seller_name: 'Atelier Nomade',
  state: 'active',
  started_at: '2026-11-01T09:00:00Z',
  ends_at: '2026-12-01T09:00:00Z',
  access_until: '2026-12-01T09:00:00Z',
  days_left: 21,
  share_left: 0.7,
  reason: '',
  subscription: false,
  order_number: 'CMT-000042',
  channels: [{ id, title: 'Patrons de la semaine', inside: true, link: null }],
  can: { ...nothing, enter: true, cancel: true, pause: true },
  renew: { stars: stars(500), web_link: 'https://shop.example/p/couture' },
  ...changed,
});

const outside = (id) => [{ id, title: 'Le salon', inside: false, link: null }];

/** A membership in every state; tests change them. */
export const memberships = () => [
  held(1, {
    channels: [
      { id: 1, title: 'Patrons de la semaine', inside: true, link: null },
      { id: 2, title: 'Questions à l’atelier', inside: false, link: 'https://t.me/+questions' },
    ],
  }),
  held(2, {
    title: 'Nuits étoilées, le cercle des photographes',
    subscription: true,
    can: { ...nothing, enter: true, cancel: true },
    renew: null,
    channels: [{ id: 3, title: 'Nuits étoilées', inside: false, link: null }],
  }),
  held(3, {
    title: 'Cuisine du marché',
    state: 'paused',
    days_left: 9,
    share_left: 0.3,
    can: { ...nothing, resume: true },
    renew: null,
    channels: [{ id: 4, title: 'Cuisine', inside: false, link: null }],
  }),
  held(4, {
    title: 'Essai',
    state: 'trialing',
    days_left: 1,
    share_left: 0.07,
    can: { ...nothing, enter: true },
  }),
  held(5, { title: 'Jardin', state: 'cancelled', can: { ...nothing, enter: true, undo: true }, renew: null }),
  held(6, {
    title: 'Lecture',
    state: 'past_due',
    days_left: 0,
    share_left: 0,
    can: { ...nothing, enter: true },
  }),
  held(7, {
    title: 'Chorale',
    state: 'pending',
    days_left: null,
    share_left: 1,
    ends_at: null,
    can: { ...nothing, enter: true },
    renew: null,
    channels: outside(7),
  }),
  held(8, {
    title: 'Échecs',
    state: 'expired',
    days_left: 0,
    share_left: 0,
    can: nothing,
    channels: outside(8),
  }),
  held(9, {
    title: 'Poker',
    state: 'revoked',
    reason: 'Message hostile',
    can: nothing,
    renew: null,
    channels: outside(9),
  }),
];

export const notices = () => [
  {
    id: 12,
    title: 'Cuisine du marché se termine dans 3 jours',
    message: 'Renouvelez dès maintenant sans rien perdre.\nRien n’est débité si vous ne renouvelez pas.',
    created_at: '2026-11-20T09:00:00Z',
    read_at: null,
  },
  {
    id: 11,
    title: 'Vous êtes dans Patrons de la semaine',
    message: 'Couture privée : accès jusqu’au 1er décembre.',
    created_at: '2026-11-01T09:00:00Z',
    read_at: '2026-11-01T10:00:00Z',
  },
];

const NAMES = ['Awa Diop', 'Bertrand de La Rochefoucauld-Montmorency', '', 'Chloé'];

export const MEMBERS = ['active', 'past_due', 'expired', 'trialing'].map((state, index) => ({
  id: index + 1,
  telegram_id: 700_000_001 + index,
  name: NAMES[index],
  username: index % 2 ? null : `membre_${index}`,
  plan: index % 2 ? 'Nuits étoilées, le cercle des photographes' : 'Couture privée',
  state,
  ends_at: '2026-12-01T09:00:00Z',
}));

const months = Array.from({ length: 12 }, (_, index) => {
  const at = new Date(Date.UTC(2025, 11 + index, 1));
  return at.toISOString().slice(0, 10);
});

export const FIGURES = {
  states: {
    pending: 2,
    trialing: 14,
    active: 1284,
    past_due: 31,
    paused: 6,
    cancelled: 57,
    expired: 902,
    revoked: 3,
  },
  plans: [
    { id: 2, title: 'Nuits étoilées, le cercle des photographes' },
    { id: 1, title: 'Couture privée' },
  ],
  revenue: months.slice(2).flatMap((month, index) => [
    { month, amount: 20_000 + index * 7_500, currency: 'XTR', orders: 40 + index * 15 },
    { month, amount: 99_900 + index * 1_500, currency: 'EUR', orders: 100 },
  ]),
  churn: months.map((month, index) => ({
    month,
    members: index * 110,
    lost: index * 7,
    gained: 120,
    rate: index ? 0.04 + 0.03 * Math.sin(index) ** 2 : null,
  })),
};

export const CHANNELS = [
  {
    id: 1,
    title: 'Patrons de la semaine',
    state: 'connected',
    missing_rights: [],
    enforcement: 'act',
    checked_at: '2026-11-21T06:00:00Z',
  },
  {
    id: 2,
    title: 'Questions à l’atelier',
    state: 'rights_missing',
    missing_rights: ['ban_users'],
    enforcement: 'list',
    checked_at: null,
  },
  { id: 3, title: 'Ancien canal', state: 'gone', missing_rights: [], enforcement: 'list', checked_at: null },
];

const stranger = { telegram_id: 700_009_001, name: '', username: null };

export const DIFFERENCES = {
  without_grant: { total: 52, people: [stranger, { ...stranger, telegram_id: 700_009_002, name: 'Zoé' }] },
  missing: { total: 1, people: [{ telegram_id: 700_000_001, name: 'Awa Diop', username: 'awa' }] },
};

export const EVENTS = ['stranger', 'rights_lost', 'missing', 'connected'].map((kind, index) => ({
  id: 9 - index,
  channel: 'Patrons de la semaine',
  kind,
  person: kind === 'stranger' ? stranger : kind === 'missing' ? MEMBERS[0] : null,
  at: '2026-11-20T17:30:00Z',
  resolved_at: index === 2 ? '2026-11-21T06:00:00Z' : null,
}));

const slot = (at, index) => {
  const orders = Math.round(20 + 15 * Math.sin(index / 3));
  const earned = [{ rail: 'stars', amount: orders * 400, currency: 'XTR', orders }];
  return { at, orders, earned, links: orders * 2, signed: orders * 3, downloads: orders * 2 - 5 };
};
const slots = (count, step, from) =>
  Array.from({ length: count }, (_, index) => slot(new Date(from + index * step).toISOString(), index));

const HOUR = 3_600_000;
const ranked = (id, name, orders) => ({
  id,
  name,
  seller: 'Atelier Nomade',
  orders,
  downloads: orders * 2,
  revenue: [stars(orders * 400), { amount: orders * 990, currency: 'EUR' }],
});

export const market = (days) => ({
  slots: days === 1 ? slots(15, HOUR, Date.UTC(2026, 10, 21)) : slots(days, 24 * HOUR, Date.UTC(2026, 9, 23)),
  totals: [
    { rail: 'stars', currency: 'XTR', amount: 384_000, orders: 1280 },
    { rail: 'crypto', currency: 'EUR', amount: 835_800, orders: 420 },
  ],
  products: [ranked(12, 'Photographier la nuit : de l’étoile à la ville', 812), ranked(9, 'Carnet', 340)],
  sellers: [ranked(1, 'Atelier Nomade', 1152)],
});

export const live = () => ({
  minutes: slots(61, 60_000, Date.UTC(2026, 10, 21, 14)),
  latest: [
    {
      at: '2026-11-21T15:00:00Z',
      file: 'cours-de-nuit-partie-1.mp4',
      size: 6 * 1024 ** 3,
      product: 'Photographier la nuit',
      seller: 'Atelier Nomade',
    },
  ],
});

const ROLES = { 2: ['buyer', 'banned'], 4: ['buyer', 'support'] };

export const people = () =>
  MEMBERS.map(({ id, telegram_id, name, username }) => ({
    id,
    telegram_id,
    name,
    username,
    roles: ROLES[id] ?? ['buyer'],
    banned: id === 2,
    since: '2026-10-02T08:00:00Z',
  }));

/** The answer of the club's part of the shop; undefined for what is not its. */
export function routeClub({ knobs, seen, club }, method, url, body) {
  const [, , part, id, verb, what] = url.pathname.split('/');
  const page = (items) => [200, { items, page: 1, pages: 1, total: items.length }];
  if (part === 'memberships') {
    if (!id) return [200, { items: club.memberships }];
    const item = club.memberships.find((each) => String(each.id) === id);
    if (method === 'GET') return [200, letIn(item, knobs)];
    seen.acts.push(`${verb}/${id}`);
    if (verb === 'renew') return knobs.noRenewal ?? [200, { url: 'https://t.me/$invoice' }];
    return [200, Object.assign(item, knobs.asked ? {} : MOVED[verb])];
  }
  if (part === 'telegram') {
    if (method === 'POST')
      for (const line of club.notices) if (body.ids.includes(line.id)) line.read_at = '2026-11-21T00:00:00Z';
    const unread = club.notices.filter(({ read_at }) => !read_at).length;
    return [200, { items: club.notices, unread, before: null }];
  }
  if (part === 'members') {
    if (id === 'figures') return [200, FIGURES];
    if (id === 'events') return page(EVENTS);
    if (id === 'channels') return what ? [200, DIFFERENCES] : [200, { items: CHANNELS }];
    seen.searches.push(url.search);
    const words = url.searchParams.get('words') ?? '';
    return page(MEMBERS.filter(({ name }) => name.toLowerCase().includes(words.toLowerCase())));
  }
  if (part === 'figures') return [200, id === 'live' ? live() : market(Number(url.searchParams.get('days')))];
  if (part === 'people') {
    if (!id) return page(club.people);
    const person = club.people.find((each) => String(each.id) === id);
    if (verb === 'ban') seen.bans.push(body.reason);
    return [200, Object.assign(person, { banned: verb === 'ban' })];
  }
  return undefined;
}

const MOVED = {
  cancel: { state: 'cancelled', can: { ...nothing, enter: true, undo: true }, renew: null },
  undo: { state: 'active', can: { ...nothing, enter: true, cancel: true } },
  pause: { state: 'paused', can: { ...nothing, resume: true } },
  resume: { state: 'active', can: { ...nothing, enter: true, cancel: true, pause: true } },
};

/** Telegram takes as many looks to make a link as `knobs.slowLink` says. */
function letIn(item, knobs) {
  knobs.slowLink -= 1;
  if (knobs.slowLink > 0) return item;
  const channels = item.channels.map((place) => ({ ...place, link: `https://t.me/+way-in-${place.id}` }));
  return { ...item, channels };
}
