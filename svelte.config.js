import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// The page is static files under one strict policy. Kit writes the policy into the page with the
// hash of its only inline script; the server sends the same as a header, plus `frame-ancestors`.
// The one style hash is that of Kit's route announcer, an inline style that can't be moved.
const routeAnnouncerStyle = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ pages: 'dist/site', assets: 'dist/site', fallback: 'index.html' }),
    outDir: '.svelte-kit',
    files: {
      assets: 'web/static',
      lib: 'web/lib',
      routes: 'web/routes',
      appTemplate: 'web/app.html',
    },
    alias: {
      'incident-workbench/sdk': 'engine/sdk/index.ts',
      'incident-workbench/testing': 'engine/detect/testing/index.ts',
    },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'style-src': ['self', 'unsafe-hashes', routeAnnouncerStyle],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'base-uri': ['none'],
        'form-action': ['none'],
        'require-trusted-types-for': ['script'],
        'trusted-types': ['svelte-trusted-html', 'sveltekit-trusted-url'],
      },
    },
  },
};
