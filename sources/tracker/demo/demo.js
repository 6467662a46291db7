/* Shows the command with this visitor's id, as soon as the tracker has loaded. */
(() => {
  const show = () => {
    const id = window.touchline && touchline.id && touchline.id();
    if (id) document.getElementById('timeline').textContent = 'touchline timeline anonymous_id:' + id;
    else setTimeout(show, 200);
  };
  show();
})();
