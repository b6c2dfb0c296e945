.PHONY: run test
run:
	./kezhan run
test:
	./kezhan test
