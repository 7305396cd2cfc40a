/** Chinese names of what answers name in English, the same in reports and on the command line. */

/** Causes between a headline and what a delivered token costs. */
export const BRIDGE_CAUSES_ZH = {
	"peak sizing": "按峰值配置",
	"load shape": "负载形状",
	"SLO headroom": "SLO 余量",
	failures: "故障",
	autoscaling: "自动扩缩容",
	availability: "可用性",
	"whole replicas": "副本取整",
	"N+1": "N+1 备用",
	"whole hosts": "整机取整",
	"stated utilisation": "给定的利用率",
} as const;

/** Causes for which the cost of a token changes over the years. */
export const UNIT_COST_CAUSES_ZH = {
	software: "软件改进",
	precision: "更小的数值格式",
	hardware: "下一代硬件",
	utilisation: "需求与集群的利用",
	price: "硬件、能源、租金与 token 的价格",
} as const;

/** What the cost of a token is made of at each stage. */
export const STAGE_PARTS_ZH = {
	servers: "服务器",
	network: "网络",
	space: "机房空间",
	power: "电力",
	cooling: "冷却",
	people: "人员",
	upkeep: "维护",
	bought: "租用与购买",
} as const;

/** What the arithmetic of a headline leaves out. */
export const LEFT_OUT_ZH = {
	load: "需求没有填满的 GPU",
	unsold: "无人付费的 token",
	price: "token 价格下降",
	running: "运行成本",
	capital: "机器本身",
	resale: "最终转售所得",
	tax: "税",
	time: "时间：以后的钱价值更低",
} as const;

/** Where better software is read from. */
export const SOFTWARE_METHODS_ZH = {
	none: "没有改进",
	fitted: "实测的改进",
	"vendor-5x-two-months": "厂商所称两个月内软件提升 5x",
	"vendor-15x-generation": "厂商所称每代提升 15x",
	"vendor-35x-gb300": "厂商所称 GB300 NVL72 提升 35x",
} as const;

/** What charges of a window were for. */
export const CHARGE_KINDS_ZH = {
	serving: "推理服务",
	idle_held: "被持有而未工作",
	committed: "工作中，无论如何都要付费",
	unallocated: "无人持有",
	unmetered: "已付费，没有计量",
	shared: "共享",
	tax: "税",
	credit: "抵扣",
	residual: "未解释",
} as const;
