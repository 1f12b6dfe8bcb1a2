module example.com/go-simple-service

go 1.19
