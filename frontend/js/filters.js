// On a phone the filters stand on one line that is pushed sideways: the one that the keyboard comes to comes into view.
// Under a finger nothing moves, or the tap would end beside it.
document.addEventListener("focusin", (event) => {
  event.target.closest?.(".filters a:focus-visible")?.scrollIntoView({ block: "nearest", inline: "center" });
});
