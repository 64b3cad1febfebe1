// On a phone the filters stand on one line that is pushed sideways: the one that gets the focus comes into view.
document.addEventListener("focusin", (event) => {
  event.target.closest?.(".filters a")?.scrollIntoView({ block: "nearest", inline: "center" });
});
