// How much of the page the phone's keyboard covers, as --covered: what sticks to the foot of the screen stands above it.
let bound = false;

function measure() {
  const { height, offsetTop, scale } = window.visualViewport;
  const covered = Math.round(window.innerHeight - height - offsetTop);
  const typing = scale === 1 && covered > 80; // less is a toolbar of the browser
  document.documentElement.classList.toggle("typing", typing);
  document.documentElement.style.setProperty("--covered", typing ? `${covered}px` : "0px");
}

export function bind() {
  if (bound || !window.visualViewport) return;
  bound = true;
  window.visualViewport.addEventListener("resize", measure);
  window.visualViewport.addEventListener("scroll", measure);
  measure();
}
