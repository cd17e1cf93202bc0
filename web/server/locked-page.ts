/** What a person sees who comes without a token: what happened, and the one thing to do about it. */
import { plainPagePolicy } from './headers.ts';

// The page's own tokens, by hand: style sheet and fonts are behind the gate.
const style = `
:root { color-scheme: dark light; --ground: #0b0f14; --panel: #11161d; --line: #222c38; --ink: #e8eef5;
  --ink-2: #a3b1c0; --accent: #b39bff; }
@media (prefers-color-scheme: light) {
  :root { --ground: #f5f7fa; --panel: #ffffff; --line: #e0e6ed; --ink: #121820; --ink-2: #475567;
    --accent: #5b34c2; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
  color: var(--ink-2); font: 13px/1.6 "Inter Variable", Inter, system-ui, sans-serif; }
main { box-sizing: border-box; width: min(30rem, 100vw - 24px); padding: 24px; background: var(--panel);
  border: 1px solid var(--line); border-radius: 10px; }
h1 { font-size: 15px; font-weight: 600; margin: 0 0 12px; color: var(--ink); }
h1::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 8px;
  border-radius: 999px; background: var(--accent); }
p { margin: 0 0 12px; }
p:last-child { margin: 0; }
code { font: 12px "JetBrains Mono Variable", ui-monospace, monospace; color: var(--ink); }
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
