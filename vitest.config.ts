import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more files at once only slow each other down.
    maxWorkers: 2,
    // The product runs on UTC instants; a test that passes in one zone only is a bug waiting for a traveller.
    env: { TZ: 'Asia/Seoul' },
  },
});
