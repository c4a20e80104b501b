// On a page that has moved: goes to where the place in the address is now, or to the page that took the old one's place.
const { root, page } = document.currentScript.dataset;
const place = decodeURIComponent(location.hash.slice(1));
const found = PLACES[place] ?? PLACES[place.split(".").pop()] ?? [];  // of a function that changed its module, the name
const here = found.find(address => address.startsWith(`${page}#`));
location.replace(root + (here ?? (found.length === 1 ? found[0] : page + location.hash)));
