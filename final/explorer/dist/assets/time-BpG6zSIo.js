function c(e){return new Date(e).toLocaleTimeString("en",{hourCycle:"h23"})}export{c};
