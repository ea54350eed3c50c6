// The learning curves on a screen: with the values under the pointer, and lines that can be taken away. On paper and
// without scripts the drawings that are in the page anyway remain.
(() => {
  const curves = JSON.parse(document.getElementById('curves').textContent);
  const losses = [...new Set(curves.map((c) => c.loss))];
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = (loss) => style('--s' + (losses.indexOf(loss) % 8));
  // text in a tooltip is HTML to the chart
  const escaped = (text) => text.replace(/[&<>"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
  const short = (value) => String(Number(value.toPrecision(4)));
  const font = () => ({ color: style('--soft'), fontFamily: getComputedStyle(document.body).fontFamily });

  function options(series, legend) {
    return {
      animation: false,
      grid: { left: 4, right: 14, top: legend ? 12 : 8, bottom: 8, containLabel: true },
      tooltip: {
        trigger: 'axis',
        confine: true,
        backgroundColor: style('--paper'),
        borderColor: style('--line'),
        textStyle: { ...font(), color: style('--ink'), fontSize: 13 },
        formatter: (points) => 'step ' + points[0].data[0] + points.map((p) =>
          `<br>${p.marker}${escaped(p.seriesName)} <b>${short(p.data[1])}</b>`).join(''),
      },
      xAxis: { type: 'value', min: 'dataMin', max: 'dataMax', axisLabel: font(), axisLine: { lineStyle: { color: style('--line') } }, axisTick: { show: false }, splitLine: { show: false } },
      yAxis: { type: 'value', scale: true, splitNumber: 4, axisLabel: { ...font(), formatter: short }, splitLine: { lineStyle: { color: style('--line') } } },
      series,
    };
  }

  const line = (curve, points, more) => ({
    type: 'line',
    name: [curve.loss, curve.run].filter(Boolean).join(', '),
    showSymbol: false,
    data: points,
    color: colour(curve.loss),
    lineStyle: { width: 2 },
    ...more,
  });
  const faint = { lineStyle: { width: 1, opacity: 0.35 }, tooltip: { show: false }, silent: true };

  function seriesOf(chart) {
    if (chart === 'validation') {
      return curves.filter((c) => c.validation.length > 0).map((c) => line(c, c.validation, { showSymbol: true, symbolSize: 5 }));
    }
    return curves.filter((c) => c.loss === losses[chart]).flatMap((c) => [
      line(c, c.points.map(([step, value]) => [step, value]), { ...faint, name: 'each step' }),
      line(c, c.points.map(([step, , value]) => [step, value]), { name: c.run || 'smoothed' }),
    ]);
  }

  const charts = [...document.querySelectorAll('[data-chart]')].map((figure) => {
    const place = document.createElement('div');
    place.className = 'chart';
    place.setAttribute('aria-hidden', 'true');
    figure.append(place);
    figure.classList.add('live');
    return { name: figure.dataset.chart, chart: echarts.init(place, null, { renderer: 'svg' }) };
  });
  const draw = () => charts.forEach(({ name, chart }) => chart.setOption(options(seriesOf(name)), true));
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  addEventListener('resize', () => charts.forEach(({ chart }) => chart.resize()));
})();
