/** 中文：全部页面的文字，选择中文时才加载。 */
export { actuals } from "./actuals.ts";
export { answer } from "./answer.ts";
export { bridge } from "./bridge.ts";
export { catalogue } from "./catalogue.ts";
export { claims } from "./claims.ts";
export { common } from "./common.ts";
export { compare } from "./compare.ts";
export { delivered } from "./delivered.ts";
export { fleet } from "./fleet.ts";
export { frontier } from "./frontier.ts";
export { margin } from "./margin.ts";
export { shell } from "./shell.ts";
export { start } from "./start.ts";
export { traffic } from "./traffic.ts";
export { training } from "./training.ts";
export { ways } from "./ways.ts";
export { years } from "./years.ts";
