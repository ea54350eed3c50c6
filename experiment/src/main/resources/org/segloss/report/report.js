(() => {
  const numbers = JSON.parse(document.getElementById('numbers').textContent);
  const panels = [...document.querySelectorAll('.curve')];
  const board = document.getElementById('dice');
  board.style.height = 64 + 44 * Math.max(1, numbers.dice.length) + 'px';
  const elements = [board, ...panels];
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = () => getComputedStyle(document.body).fontFamily;
  // text in a tooltip is HTML to the chart
  const escaped = (text) => text.replace(/[&<>"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
  const axis = () => ({
    axisLine: { lineStyle: { color: color('--line') } },
    axisTick: { show: false },
    axisLabel: { color: color('--soft'), fontFamily: font() },
    splitLine: { lineStyle: { color: color('--line') } },
  });
  const tooltip = () => ({
    backgroundColor: color('--paper'),
    borderColor: color('--line'),
    textStyle: { color: color('--ink'), fontFamily: font() },
    confine: true,
  });
  // four significant digits, without a tail of zeros
  const short = (value) => String(Number(value.toPrecision(4)));

  function dice() {
    const rows = numbers.dice.map((d) => d.loss);
    const all = numbers.dice.flatMap((d) => Object.values(d.cases));
    const low = Math.max(0, Math.floor((Math.min(...all) - 0.02) * 20) / 20);
    const narrow = board.clientWidth < 600;
    return {
      animation: false,
      grid: { left: 8, right: 24, top: 8, bottom: 28, containLabel: true },
      tooltip: {
        ...tooltip(),
        formatter: (p) => escaped(p.data.name) + '<br><b>' + p.data.value[0].toFixed(3) + '</b>',
      },
      xAxis: { type: 'value', min: low, max: 1, name: 'Dice', nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: color('--soft'), fontFamily: font() }, ...axis() },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows,
        ...axis(),
        axisLabel: { color: color('--ink'), fontFamily: 'ui-monospace, Menlo, Consolas, monospace', width: narrow ? 90 : 260, overflow: 'truncate' },
      },
      series: [
        {
          type: 'scatter',
          symbolSize: 11,
          itemStyle: { color: color('--blue'), opacity: 0.55 },
          data: numbers.dice.flatMap((d) => Object.entries(d.cases).map(([id, v]) => ({ name: id, value: [v, d.loss] }))),
        },
        {
          type: 'scatter',
          symbol: 'rect',
          symbolSize: [3, 26],
          itemStyle: { color: color('--orange') },
          data: numbers.dice.map((d) => ({ name: 'mean of ' + d.loss, value: [d.mean, d.loss] })),
        },
      ],
    };
  }

  function curve({ points }) {
    const raw = points.map(([step, value]) => [step, value]);
    const smooth = points.map(([step, , value]) => [step, value]);
    return {
      animation: false,
      grid: { left: 4, right: 12, top: 14, bottom: 24, containLabel: true },
      tooltip: {
        ...tooltip(),
        trigger: 'axis',
        formatter: (p) => 'step ' + p[0].data[0] + '<br>loss ' + short(p[0].data[1]) + '<br>smoothed ' + short(p[1].data[1]),
      },
      xAxis: { type: 'value', min: 'dataMin', max: 'dataMax', name: 'step', nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: color('--soft'), fontFamily: font() }, ...axis(), splitLine: { show: false } },
      yAxis: { type: 'value', scale: true, splitNumber: 4, ...axis(), axisLabel: { ...axis().axisLabel, formatter: short } },
      series: [
        { type: 'line', showSymbol: false, data: raw, lineStyle: { color: color('--blue'), width: 1, opacity: 0.5 }, itemStyle: { color: color('--blue') } },
        { type: 'line', showSymbol: false, data: smooth, lineStyle: { color: color('--orange'), width: 2 }, itemStyle: { color: color('--orange') } },
      ],
    };
  }

  const charts = elements.map((element) => echarts.init(element, null, { renderer: 'svg' }));
  function draw() {
    if (numbers.dice.length > 0) {
      charts[0].setOption(dice(), true);
    }
    panels.forEach((_, i) => charts[i + 1].setOption(curve(numbers.curves[i]), true));
  }
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  addEventListener('resize', () => {
    charts.forEach((chart) => chart.resize());
    draw();
  });
})();
