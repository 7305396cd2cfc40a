/** Years of money, as a file of their own. */
export { yearsAnswer } from "@farthing/answers";
