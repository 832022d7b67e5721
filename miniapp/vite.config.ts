import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The API serves the bundle under /app/, on the origin that Telegram opened.
  base: '/app/',
  build: { target: 'es2022', assetsDir: 'assets' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  test: {
    environment: 'happy-dom',
    include: ['tests/unit/**/*.test.ts'],
    testTimeout: 10_000,
  },
});
