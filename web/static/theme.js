// Runs before the first paint, so that nobody sees a flash of the other theme.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('theme') ?? 'system';
  } catch {
    // Storage can be forbidden; the system's theme is right then.
  }
  const light =
    choice === 'system' ? matchMedia('(prefers-color-scheme: light)').matches : choice === 'light';
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
})();
