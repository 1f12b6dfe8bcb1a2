module example.com/argus-bench

go 1.19
