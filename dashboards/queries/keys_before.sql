-- The key of some profiles as it was at the beginning of an hour. What was no profile then is left out.
SELECT identifier, argMax(net_key, (hour, activity_offset)) AS key
FROM score_history
WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)} AND hour < toDateTime({before_s:Int64}, 'UTC')
GROUP BY identifier
HAVING argMax(parent, (hour, activity_offset)) = ''
