// A page opened from the disk may not read other pages: the search then lists titles without the words around the hit.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
