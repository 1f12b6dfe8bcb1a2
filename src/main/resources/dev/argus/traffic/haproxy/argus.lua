-- What HAProxy's configuration language cannot say. Run for few requests only, never for one that goes straight to its service.

-- Holds a request until a server of its backend can take it, at most so many milliseconds. Only the backup server has a limit of connections:
-- while be_conn_free is not negative, no other server can be used.
core.register_action("hold", { "http-req" }, function(txn, most)
    local backend = txn:get_var("txn.backend")
    local left = tonumber(most)
    while left > 0 and txn.f:be_conn_free(backend) >= 0 do
        core.msleep(25)
        left = left - 25
    end
    txn:set_var("txn.ready", left > 0)
end, 1)

-- These belong to the message as a whole, whatever Connection says.
local kept = { ["host"] = true, ["content-length"] = true, ["transfer-encoding"] = true, ["upgrade"] = true, ["connection"] = true }

-- The names in Connection, of headers that are meant for the next hop alone.
local function named(headers)
    local names, upgrade = {}, false
    local values = headers["connection"]
    for index = 0, values and #values or -1 do
        for token in (values[index] or ""):lower():gmatch("[^,%s]+") do
            upgrade = upgrade or token == "upgrade"
            if not kept[token] then
                names[#names + 1] = token
            end
        end
    end
    return names, upgrade
end

core.register_action("hop", { "http-req" }, function(txn)
    local names, upgrade = named(txn.http:req_get_headers())
    for _, name in ipairs(names) do
        txn.http:req_del_header(name)
    end
    txn.http:req_del_header("connection")
    if upgrade then
        txn.http:req_add_header("connection", "upgrade")
    end
end)

core.register_action("hop", { "http-res" }, function(txn)
    local names, upgrade = named(txn.http:res_get_headers())
    for _, name in ipairs(names) do
        txn.http:res_del_header(name)
    end
    txn.http:res_del_header("connection")
    if upgrade then
        txn.http:res_add_header("connection", "upgrade")
    end
end)
