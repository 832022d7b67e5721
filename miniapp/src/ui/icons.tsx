/** Our own few icons, 24 by 24, drawn in the text's colour. */
const PATHS = {
  products: 'M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9',
  upload: 'M12 16V5M7 10l5-5 5 5M5 16v3h14v-3',
  library: 'M5 4h4v16H5zM9 4h4v16H9zM14.5 5l3.8-1 3.7 15-3.8 1z',
  sales: 'M4 20h16M7 20v-6M12 20V8M17 20v-9',
  back: 'M15 5l-7 7 7 7',
  file: 'M7 3h7l5 5v13H7zM14 3v5h5',
  remove: 'M6 6l12 12M18 6L6 18',
} as const;

export function Icon({ name, size = 24 }: { name: keyof typeof PATHS; size?: number }) {
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
