/** Our own few icons, 24 by 24, drawn in the text's colour. */
const PATHS = {
  products: 'M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9',
  upload: 'M12 16V5M7 10l5-5 5 5M5 16v3h14v-3',
  library: 'M5 4h4v16H5zM9 4h4v16H9zM14.5 5l3.8-1 3.7 15-3.8 1z',
  sales: 'M4 20h16M7 20v-6M12 20V8M17 20v-9',
  memberships: 'M4 7h16v10H4zM8 7v10M12 11h5M12 14h3',
  back: 'M15 5l-7 7 7 7',
  file: 'M7 3h7l5 5v13H7zM14 3v5h5',
  archive: 'M4 5h16v4H4zM5 9v11h14V9M10 13h4',
  film: 'M3 5h18v14H3zM10 9l5 3-5 3z',
  sound: 'M9 18V6l10-2v12M9 18a3 3 0 1 1-6 0a3 3 0 0 1 6 0M19 16a3 3 0 1 1-6 0a3 3 0 0 1 6 0',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9h.01',
  text: 'M6 3h12v18H6zM9 8h6M9 12h6M9 16h4',
  remove: 'M6 6l12 12M18 6L6 18',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
