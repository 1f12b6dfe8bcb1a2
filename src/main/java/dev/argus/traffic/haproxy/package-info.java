/**
 * Traffic through HAProxy: Argus writes its configuration, starts it, watches it, and tells it of every change of instances through its
 * sockets. It outlives Argus, and the next Argus adopts it. Instead of a {@link dev.argus.traffic.haproxy.Daemon} of its own it may be one {@link
 * dev.argus.traffic.haproxy.Elsewhere}, which somebody else starts and stops.
 *
 * <p>No verticle owns state here; {@link dev.argus.traffic.haproxy.HaproxySwitch} is called by the one that owns the routes.
 *
 * <pre>
 *   RoutingTable → Plan (pure: which service has which backend, which instance which slot) → plan.json
 *                    ├→ Configuration (pure: text) → haproxy -c → start or reload: only for more backends or slots, or other settings
 *                    └→ Changes (pure: runtime commands) → master socket → each worker, the old ones of a reload too
 *
 *   visitor → frontend web ─ routes.map ─→ backend bN → server s1…sM: an instance each
 *                                  ↑           └ no server ready → server hold ─┐
 *                                  └──── frontend hold (waits for a server) ←───┘
 * </pre>
 *
 * <ul>
 *   <li>Backends are a pool of numbers, so that a new service needs no reload; no name that a person chose is in the configuration but the
 *       address to listen on, and in the map hosts and path prefixes of a checked form.
 *   <li>HAProxy answers 503 at once when no server of a backend is ready. So the last server of each, a backup, is HAProxy itself: a request
 *       that gets there waits until another server is ready (a few lines of Lua ask 40 times a second) and goes through the same backend again. As
 *       that is a matter of choosing a server, requests whose instance died under them are held too. A server that may have no more connections
 *       bounds their number.
 *   <li>After a reload, the workers of before serve the connections that they still have; they are told of changes as well, or they would send
 *       requests to ports that are another's by then.
 *   <li>A reload that cannot bind a new address would end HAProxy 2.6: the old worker stops and the new one does not start. So that is
 *       tried before.
 * </ul>
 */
@NullMarked
package dev.argus.traffic.haproxy;

import org.jspecify.annotations.NullMarked;
