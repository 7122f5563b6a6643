import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The product runs on UTC instants; a test that passes only in one zone is a bug waiting for a traveller.
    env: { TZ: 'Asia/Seoul' },
  },
});
