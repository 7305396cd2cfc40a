export * from "./economics/claim.ts";
export * from "./economics/cost-variance.ts";
export * from "./economics/five-years/added-flows.ts";
export * from "./economics/five-years/bought-tokens.ts";
export * from "./economics/five-years/calendar.ts";
export * from "./economics/five-years/capital.ts";
export * from "./economics/five-years/demand-path.ts";
export * from "./economics/five-years/facility.ts";
export { monthly, named, over, plus, minus, times, shareOf, choose, number } from "./economics/five-years/formula.ts";
export * from "./economics/five-years/financing.ts";
export * from "./economics/five-years/hybrid.ts";
export * from "./economics/five-years/load-shape.ts";
export * from "./economics/five-years/measures.ts";
export * from "./economics/five-years/owned.ts";
export * from "./economics/five-years/owned-fleet.ts";
export * from "./economics/five-years/price-path.ts";
export * from "./economics/five-years/rented.ts";
export * from "./economics/five-years/revenue.ts";
export * from "./economics/five-years/running-cost.ts";
export * from "./economics/failure-spares.ts";
export { paidShareOf } from "./economics/paid-share.ts";
export * from "./economics/fleet.ts";
export type { FleetPart, FleetParts } from "./economics/fleet-parts.ts";
export * from "./economics/room.ts";
export * from "./economics/shared-fleet.ts";
export * from "./economics/gpu-hour-build-up.ts";
export * from "./economics/training/goodput.ts";
export * from "./economics/training/layer.ts";
export {
	gigabytesPerGpuSecond,
	type BytesPerGpuSecond,
	type Count,
	type TrainingEfficiencies,
	type TrainingMachine,
} from "./economics/training/machine.ts";
export * from "./economics/training/run.ts";
export * from "./economics/training/step.ts";
export * from "./economics/unit-cost.ts";
export { discounted, ratesOfReturn, roundToStep } from "./model/arithmetic.ts";
export * from "./model/bridge.ts";
export * from "./model/compile.ts";
export * from "./model/compiled-loop.ts";
export type { Correlation } from "./model/correlation.ts";
export * from "./model/distribution.ts";
export type { Backend } from "./model/draw-runner.ts";
export { evaluate, scalarOf, seriesOf, type EvaluateOptions, type Evaluation } from "./model/evaluate.ts";
export * from "./model/expression.ts";
export { buildModel, modelHash, nodeIndex, type FlatNode, type Model } from "./model/flatten.ts";
export * from "./model/flip.ts";
export * from "./model/hash.ts";
export * from "./model/influence.ts";
export * from "./model/internal-rates.ts";
export * from "./model/join.ts";
export * from "./model/learning.ts";
export * from "./model/model-error.ts";
export * from "./model/model-json.ts";
export { chanceOfMissing, fan, fans, type Chance, type Fan, type FanOptions } from "./model/outlook.ts";
export * from "./model/provenance.ts";
export * from "./model/quantity-json.ts";
export {
	quantile,
	quantileOfAll,
	quantiles,
	reachedShare,
	sample,
	type Draws,
	type SampleOptions,
} from "./model/sample.ts";
export * from "./model/shared-fan.ts";
export * from "./model/sobol-indices.ts";
export { subEvaluation, subModel } from "./model/sub-model.ts";
export * from "./model/table.ts";
export * from "./model/tornado.ts";
export * from "./model/why.ts";
export * from "./model/workbook.ts";
export * from "./numerics/annuity.ts";
export { exp, log, pow } from "./numerics/elementary.ts";
export { type MeanInterval, meanInterval } from "./numerics/mean-interval.ts";
export { uniformStream, type UniformStream } from "./numerics/random.ts";
export {
	varianceShares,
	type Estimate,
	type VarianceDesign,
	type VarianceShare,
	type VarianceShares,
} from "./numerics/variance-shares.ts";
export * from "./performance/benchmark-point.ts";
export * from "./performance/busy-law.ts";
export * from "./performance/frontier.ts";
export * from "./performance/row-checks.ts";
export * from "./performance/calibration/calibration.ts";
export * from "./performance/calibration/law-fit.ts";
export * from "./performance/calibration/modelled.ts";
export * from "./performance/calibration/residual-field.ts";
export * from "./performance/calibration/serving-row.ts";
export * from "./performance/serving/ceiling.ts";
export * from "./performance/serving/chip.ts";
export * from "./performance/serving/memory.ts";
export * from "./performance/serving/served-model.ts";
export * from "./performance/serving/serving-layout.ts";
export * from "./performance/serving/steady-state.ts";
export * from "./performance/serving/step-law.ts";
export * from "./performance/serving/step-time.ts";
export * from "./performance/serving/tensor-formats.ts";
export * from "./performance/software-curve.ts";
export * from "./performance/software-drift.ts";
export * from "./quantity/dimension.ts";
export * from "./quantity/format-quantity.ts";
export * from "./quantity/power-of-ten.ts";
export * from "./quantity/parse-quantity.ts";
export * from "./quantity/quantity-error.ts";
export * from "./quantity/unit-registry.ts";
export * from "./quantity/unit.ts";
export { readUtcTime } from "./traffic/azure-trace.ts";
export { MOONCAKE_BLOCK_TOKENS } from "./traffic/mooncake-trace.ts";
export * from "./traffic/trace-reader.ts";
export {
	LARGEST_LENGTH,
	type TraceClock,
	type TraceFault,
	type TraceFaultCode,
	type TraceLayout,
	type TraceLayoutName,
	type TraceRecord,
} from "./traffic/trace-record.ts";
export * from "./simulation/fleet-spec.ts";
export * from "./simulation/request-source.ts";
export { SimulationError } from "./simulation/fleet-check.ts";
export type { FleetMoment } from "./simulation/fleet-moment.ts";
export * from "./simulation/simulation.ts";
export * from "./simulation/simulation-report.ts";
export * from "./simulation/step-costs.ts";
export * from "./simulation/step-table.ts";
export type { GoodputLimits, LengthClass, WindowReport } from "./simulation/run-statistics.ts";
export * from "./traffic/arrivals.ts";
export { LENGTH_CLASSES, meanLengths, type LengthCell, type LengthSpec } from "./traffic/lengths.ts";
export * from "./traffic/load.ts";
export type { PrefixSpec } from "./traffic/prefixes.ts";
export * from "./simulation/measured-step-costs.ts";
export * from "./simulation/modelled-step-costs.ts";
export { BUSIEST_HOUR, dayProfile, weekProfile } from "./traffic/day-profile.ts";
export * from "./simulation/queueing-estimate.ts";
export * from "./traffic/traffic-shape.ts";
