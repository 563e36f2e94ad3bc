function l(t){const n=t.at(-1)??"";return t.length<2?n:`${t.slice(0,-1).join(", ")} and ${n}`}export{l};
