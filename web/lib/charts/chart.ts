/** Chart.js, with the parts of it that we draw with, and our tokens as its theme. */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type Plugin,
} from 'chart.js';
import type { Micros } from '../../../engine/sdk/index.ts';
import { formatValue, formatShare } from '../format/figure.ts';
import { formatPlayhead } from '../format/time.ts';
import type { Hue } from '../state/look.ts';
import type { Palette } from '../theme/palette.ts';

export interface ChartLine {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface ChartPicture {
  readonly from: Micros;
  readonly to: Micros;
  readonly unit: string;
  readonly hue: Hue | 'accent';
  readonly lines: readonly ChartLine[];
  /** Stretches of time behind the lines: incidents of the service. */
  readonly bands: readonly {
    readonly from: Micros;
    readonly to: Micros;
    readonly colour: string;
  }[];
  /** Where the values lay before the incident; null where nobody knows. */
  readonly usual: { readonly low: number; readonly high: number } | null;
  /** Moments: changes of the service. */
  readonly marks: readonly Micros[];
  readonly palette: Palette;
}

export interface LineChart {
  readonly update: (picture: ChartPicture) => void;
  readonly destroy: () => void;
}

/** Room for labels such as `100 %` and `250 ms`. */
const axisWidth = 44;
const widths = [1.6, 1.2, 1.2, 1.2];
const alphas = ['ff', '99', '66', '44'];

export function unitText(unit: string, value: number | null): string {
  return unit === 'share' ? formatShare(value) : formatValue(value, unit);
}

export function makeChart(canvas: HTMLCanvasElement, first: ChartPicture): LineChart {
  Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip);
  let picture = first;
  const plugins = [background(() => picture)];
  const chart = new Chart(canvas, { ...configuration(first), plugins });
  return {
    update(next) {
      picture = next;
      const { data, options } = configuration(next);
      chart.data = data;
      if (options) chart.options = options;
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
}

/** Longer than 70 lines because it is one literal in Chart.js's own shape. */
function configuration(picture: ChartPicture): ChartConfiguration<'line'> {
  const { palette, lines, unit } = picture;
  const colour = palette[picture.hue];
  return {
    type: 'line',
    data: {
      datasets: lines.map((line, index) => ({
        label: line.name,
        data: [...line.points],
        borderColor: `${colour}${alphas[index] ?? '44'}`,
        borderWidth: widths[index] ?? 1,
        pointRadius: 0,
        pointHitRadius: 0,
        pointHoverRadius: 2.5,
        pointHoverBackgroundColor: colour,
        tension: 0,
        spanGaps: false,
      })),
    },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      layout: { padding: { top: 6, bottom: 0 } },
      interaction: { mode: 'index', intersect: false, axis: 'x' },
      scales: {
        x: { type: 'linear', display: false, min: picture.from, max: picture.to },
        y: {
          beginAtZero: true,
          suggestedMax: unit === 'share' ? 0.05 : 1e-6,
          border: { display: false },
          grid: { color: palette.line, drawTicks: false },
          ticks: {
            count: 3,
            display: lines.some((line) => line.points.length > 0),
            padding: 6,
            color: palette.ink3,
            font: { family: palette.mono, size: 10 },
            callback: (value) => (Number(value) === 0 ? '0' : unitText(unit, Number(value))),
          },
          // Labels stand beside the lines, never on them; one width, so that charts align.
          afterFit: (scale) => {
            scale.width = Math.max(scale.width, axisWidth);
          },
        },
      },
      plugins: {
        tooltip: {
          animation: false,
          displayColors: false,
          backgroundColor: palette.raised,
          borderColor: palette.lineStrong,
          borderWidth: 1,
          titleColor: palette.ink3,
          bodyColor: palette.ink,
          titleFont: { family: palette.mono, size: 10, weight: 'normal' },
          bodyFont: { family: palette.mono, size: 10.5 },
          padding: 6,
          caretSize: 0,
          callbacks: {
            title: (items) => `T+${formatPlayhead(items[0]?.parsed.x ?? 0)}`,
            label: (item) =>
              lines.length > 1
                ? `${item.dataset.label ?? ''} ${unitText(unit, item.parsed.y)}`
                : unitText(unit, item.parsed.y),
          },
        },
      },
    },
  };
}

/** Incidents as soft stretches, the usual range, changes as dotted lines, all behind the data. */
function background(read: () => ChartPicture): Plugin<'line'> {
  return {
    id: 'background',
    beforeDatasetsDraw(chart) {
      const { bands, marks, from, to, palette, usual } = read();
      const { ctx, chartArea } = chart;
      const place = (t: Micros) => {
        const share = Math.min(1, Math.max(0, (t - from) / (to - from)));
        return chartArea.left + share * chartArea.width;
      };
      ctx.save();
      for (const band of bands) {
        if (band.to < from) continue;
        ctx.globalAlpha = 0.55;
        ctx.fillStyle = band.colour;
        const x = place(band.from);
        ctx.fillRect(x, chartArea.top, place(band.to) - x, chartArea.height);
        ctx.globalAlpha = 1;
      }
      if (usual) {
        const height = (value: number) => chart.scales['y']?.getPixelForValue(value) ?? 0;
        const top = Math.max(chartArea.top, height(usual.high) - 1);
        const bottom = Math.min(chartArea.bottom, height(usual.low) + 1);
        ctx.fillStyle = palette.usual;
        ctx.fillRect(chartArea.left, top, chartArea.width, bottom - top);
      }
      ctx.strokeStyle = palette.ink3;
      ctx.setLineDash([2, 3]);
      for (const mark of marks) {
        if (mark < from || mark > to) continue;
        ctx.beginPath();
        ctx.moveTo(place(mark), chartArea.top);
        ctx.lineTo(place(mark), chartArea.bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}
