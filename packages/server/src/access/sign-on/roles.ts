/** What a person or program may do, by what the identity provider says of them. */
import type { Scope } from "../keys.ts";
import type { Role } from "./config.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** By tenant, in the order of the file. */
export type Grants = ReadonlyMap<string, readonly Scope[]>;

export function grantsOf(roles: readonly Role[], claims: Claims): Grants {
	const grants = new Map<string, Set<Scope>>();
	for (const { claim, value, tenant, scopes } of roles) {
		if (!textsOf(claims, claim).includes(value)) continue;
		const names = "name" in tenant ? [tenant.name] : textsOf(claims, tenant.claim).filter(isTenantName);
		for (const name of names) {
			const granted = grants.get(name) ?? new Set();
			for (const scope of scopes) granted.add(scope);
			grants.set(name, granted);
		}
	}
	return new Map([...grants].map(([tenant, scopes]) => [tenant, [...scopes]]));
}

/** Claims that the roles read, of which the provider may tell in the token or only when asked. */
export function claimsRead(roles: readonly Role[]): string[] {
	return roles.flatMap(({ claim, tenant }) => ("claim" in tenant ? [claim, tenant.claim] : [claim]));
}

export function hasClaim(claims: Claims, name: string): boolean {
	return valueAt(claims, name) !== undefined;
}

function textsOf(claims: Claims, name: string): string[] {
	const value = valueAt(claims, name);
	return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === "string");
}

/** A claim by its whole name, which may hold dots, else step by step into objects. */
function valueAt(claims: Claims, name: string): unknown {
	if (Object.hasOwn(claims, name)) return claims[name];
	return name
		.split(".")
		.reduce<unknown>(
			(at, step) =>
				typeof at === "object" && at !== null && Object.hasOwn(at, step) ? (at as Claims)[step] : undefined,
			claims,
		);
}

function isTenantName(name: string): boolean {
	return /^[\w.-]{1,64}$/.test(name);
}
