/**
 * What runs in the page beside a plot's picture: it finds the installed plotly.js, loads it once for all plots, and draws
 * them over their pictures. Where there is none (on a code host, in a mail), the picture stays.
 * @module
 */

/** Where the package lies, from the folder that has it installed. */
const FILE = 'node_modules/plotly.js-dist-min/plotly.min.js';

/**
 * A text, not a function: it is saved in notebooks, so it may not depend on how this file was compiled.
 *
 * Jupyter serves the project's files under `<base URL>files/`; the page says its base URL, and in its address which
 * notebook it shows. From the server's folder down to the notebook's, each may be the one with `node_modules`; the
 * project's own start command makes it the first. A page that was saved as a file looks beside itself and above.
 */
export const PAGE_SCRIPT: string = `(() => {
  const file = '${FILE}';
  const configured = () => {
    try { return JSON.parse(document.getElementById('jupyter-config-data').textContent).baseUrl; } catch { return; }
  };
  const places = () => {
    const base = configured() ?? document.body.dataset.baseUrl;
    if (!base) return ['../', '', '../../'].map((up) => up + file);
    const path = /\\/(?:tree|notebooks)\\/(.+)$/.exec(location.pathname)?.[1] ?? '';
    const folders = path.split('/').slice(0, -1);
    return [...folders, ''].map((_, i) => [base + 'files', ...folders.slice(0, i), file].join('/'));
  };
  const load = async () => {
    for (const src of window.Plotly ? [] : places()) {
      await new Promise((done) => {
        const script = document.createElement('script');
        Object.assign(script, { src, onload: done, onerror: done });
        document.head.append(script);
      });
      if (window.Plotly) break;
    }
    return window.Plotly;
  };
  const draw = async (plotly, plot) => {
    const drawing = document.createElement('div');
    plot.dataset.toyfhePlot = 'drawing';
    try {
      const { data, layout } = JSON.parse(plot.querySelector('script[type="application/json"]').textContent);
      plot.append(drawing);
      await plotly.newPlot(drawing, data, layout, { responsive: true, displaylogo: false });
      plot.querySelector('img').style.display = 'none';
      plot.dataset.toyfhePlot = 'drawn';
    } catch {
      drawing.remove();
      plot.dataset.toyfhePlot = 'picture';
    }
  };
  (window.toyfhePlotly ??= load()).then((plotly) => {
    if (plotly) for (const plot of document.querySelectorAll('[data-toyfhe-plot=""]')) draw(plotly, plot);
  });
})();`;
