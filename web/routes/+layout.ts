// The page is static files: nothing is rendered on a server, neither at build time nor later.
export const ssr = false;
export const prerender = false;
