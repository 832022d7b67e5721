// What is on the shelves of the tests' shop.
const file = (name, size, status) => ({ id: name, name, size, content_type: 'video/mp4', status });

const shots = (count) => Array.from({ length: count }, (_, number) => `/previews/12/${number}`);

const FILM = {
  kind: 'film',
  pictures: shots(2),
  teaser: '/previews/12/teaser',
  text: 'Film : 6:02:11, 3840 × 2160',
  lines: [],
};

/** A preview of every other kind, by the slug of its product. */
export const LOOKS = {
  book: {
    kind: 'pages',
    pictures: shots(4),
    teaser: null,
    text: 'PDF : 212 pages',
    lines: ['Carnet de nuit'],
  },
  archive: {
    kind: 'archive',
    pictures: [],
    teaser: null,
    text: 'Archive ZIP : 1 204 éléments',
    lines: [...Array.from({ length: 50 }, (_, index) => `presets/nuit/${index}.xmp · 12 Ko`), '…'],
  },
  sound: {
    kind: 'sound',
    pictures: shots(1),
    teaser: null,
    text: 'Son : 42:10',
    lines: ['Awa Ko', 'Nuits', '2026'],
  },
  notes: {
    kind: 'excerpt',
    pictures: [],
    teaser: null,
    text: 'Texte, son début',
    lines: ['# Notes', '', '- trépied', '- télécommande'],
  },
  program: { kind: 'unknown', pictures: [], teaser: null, text: 'Programme (Windows)', lines: [] },
};

export function products() {
  return [
    {
      id: 12,
      slug: 'photo-de-nuit',
      title: 'Photographier la nuit : de l’étoile à la ville',
      status: 'published',
      prices: { stars: { amount: 450, currency: 'XTR' }, crypto: { amount: 1990, currency: 'EUR' } },
      sales: 27,
      revenue: [
        { amount: 8100, currency: 'XTR' },
        { amount: 17910, currency: 'EUR' },
      ],
      files: [
        file('cours-complet-4K.mp4', 10.4 * 1024 ** 3, 'accepted'),
        file('exercices.zip', 48 * 1024 ** 2, 'moderation'),
      ],
      preview: { ...FILM, teaser: null },
      created_at: '2026-11-01T09:00:00Z',
    },
    {
      id: 13,
      slug: 'presets',
      title: 'Presets',
      status: 'draft',
      prices: { stars: { amount: 100, currency: 'XTR' } },
      sales: 1,
      revenue: [],
      files: [
        { ...file('presets.exe', 3 * 1024 ** 2, 'refused'), reason: 'les octets ne sont pas ceux d’un ZIP' },
      ],
      preview: null,
      created_at: '2026-11-18T09:00:00Z',
    },
    ...Object.entries(LOOKS).map(([slug, preview], index) => ({
      id: 20 + index,
      slug,
      title: preview.text,
      status: 'unpublished',
      prices: {},
      sales: 0,
      revenue: [],
      files: [],
      preview,
      created_at: '2026-10-01T09:00:00Z',
    })),
  ];
}

export const VIEW = {
  id: 12,
  slug: 'photo-de-nuit',
  title: 'Photographier la nuit : de l’étoile à la ville',
  description: 'Six heures de cours, du matériel au tirage.\n\nAvec les fichiers RAW et les réglages.',
  seller_name: 'Atelier Nomade',
  prices: { stars: { amount: 450, currency: 'XTR' }, crypto: { amount: 1990, currency: 'EUR' } },
  files: [
    { id: 'a', name: 'cours-complet-4K.mp4', size: 10.4 * 1024 ** 3, content_type: 'video/mp4' },
    { id: 'b', name: 'exercices.zip', size: 48 * 1024 ** 2, content_type: 'application/zip' },
  ],
  preview: FILM,
  owned: false,
  buy: { bot_link: 'https://t.me/comptoir_bot?start=p_photo-de-nuit', web_link: 'https://shop.example/p/12' },
};

export const PURCHASES = [
  {
    grant_id: 'g1',
    product_id: 12,
    title: 'Photographier la nuit : de l’étoile à la ville',
    order_number: 'C-2041',
    bought_at: '2026-11-12T18:30:00Z',
    revoked: false,
    files: VIEW.files,
  },
  {
    grant_id: 'g2',
    product_id: 9,
    title: 'Carnet de recettes',
    order_number: 'C-1987',
    bought_at: '2026-09-02T08:00:00Z',
    revoked: true,
    files: [],
  },
];

const days = Array.from({ length: 30 }, (_, index) => {
  const orders = Math.round(4 + 3 * Math.sin(index / 3) + (index % 7 === 5 ? 4 : 0));
  const revenue = {
    stars: { amount: orders * 300, currency: 'XTR' },
    crypto: { amount: (index % 4) * 1990, currency: 'EUR' },
  };
  return { date: `2026-10-${String(index + 1).padStart(2, '0')}`, orders, revenue };
});

export const SALES = {
  days,
  totals: [
    { rail: 'stars', currency: 'XTR', amount: 38400, orders: 128 },
    { rail: 'crypto', currency: 'EUR', amount: 83580, orders: 42 },
  ],
};
