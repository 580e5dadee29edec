-- What wrk sends: method, path, token and body come from the Lua table in the file that is named first.
-- Prints one line of JSON at the end. With `keep`, the first answer's body goes into that file.
local request

function init(args)
  request = dofile(args[1])
  wrk.method = request.method
  wrk.body = request.body
  if request.token then wrk.headers["Authorization"] = "Bearer " .. request.token end
  if request.body then wrk.headers["Content-Type"] = "application/json" end
  for name, value in pairs(request.headers or {}) do wrk.headers[name] = value end
  if request.keep then
    local isKept = false
    response = function(status, headers, body)
      if isKept then return end
      isKept = true
      local file = io.open(request.keep, "w")
      file:write(body)
      file:close()
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "microseconds": %d, "failed": %d, "p50": %.3f, "p99": %.3f}',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
