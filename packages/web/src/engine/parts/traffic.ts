/** Fleets under traffic and what loads share, as a file of their own. */
export { planSharing, planTraffic } from "@farthing/answers";
