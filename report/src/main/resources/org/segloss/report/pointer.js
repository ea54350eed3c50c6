// Mouse and touch on one picture. The wheel belongs to the page until the picture has been clicked.
class Pointer {
  constructor(canvas, actions) {
    let from;
    let moved = false;
    let turned = 0;
    const share = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    canvas.addEventListener('wheel', (event) => {
      if (event.ctrlKey) {
        actions.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
        event.preventDefault();
        return;
      }
      if (document.activeElement !== canvas) {
        return;
      }
      // a touchpad sends many small turns
      turned += event.deltaMode === 0 ? event.deltaY : 40 * event.deltaY;
      const steps = -Math.trunc(turned / 40);
      if (steps === 0 || actions.canMove(Math.sign(steps))) {
        event.preventDefault();
      }
      if (steps !== 0) {
        turned = 0;
        actions.wheel(Math.max(-3, Math.min(3, steps)));
      }
    }, { passive: false });
    canvas.addEventListener('pointerdown', (event) => {
      from = share(event);
      moved = false;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (from) {
        const to = share(event);
        if (moved || Math.hypot(to[0] - from[0], to[1] - from[1]) > 0.02) {
          moved = true;
          actions.drag(to[0] - from[0], to[1] - from[1]);
          from = to;
        }
      }
    });
    canvas.addEventListener('pointerup', (event) => {
      if (from && !moved) {
        canvas.focus({ preventScroll: true });
        actions.pick(...share(event));
      }
      from = undefined;
    });
    canvas.addEventListener('pointercancel', () => { from = undefined; });
  }
}
