function r(t){const e=t.search(/[^0]/);if(e===-1)return 4*t.length;const n=parseInt(t.charAt(e),16);return 4*e+(Math.clz32(n)-28)}function i(t){return 2**t}export{i as e,r as l};
