/** What a person sees who comes without a token: what happened, and the one thing to do about it. */
import { plainPagePolicy } from './headers.ts';

const style = `
:root { color-scheme: dark light; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  font: 16px/1.6 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 34rem; padding: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
p { margin: 0 0 1rem; }
code { font: 0.95em ui-monospace, monospace; padding: 0.1em 0.35em; border-radius: 4px;
  background: color-mix(in srgb, CanvasText 12%, Canvas); }
`;

export const lockedPagePolicy = plainPagePolicy(style);

export const lockedPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Locked: incident workbench</title><style>${style}</style></head>
<body><main>
<h1>This browser has not been let in yet</h1>
<p>Go to the terminal where <code>workbench</code> is running: it has just printed a fresh address.
Open that address within 30 seconds.</p>
<p>The address carries a code that works once, so an address from the history or from an earlier
start does not open the workbench. Other programs and pages on this machine are kept out the same way.</p>
</main></body>
</html>
`;
