package dev.argus.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs a test with the body of a deployment in which one field is wrong, and with the name of that field. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@CsvSource(
        delimiter = '|',
        quoteCharacter = '"',
        value = {
            "{'repo': 'x'}|repo",
            "{'isalive': {'pfad': '/'}}|isalive.pfad",
            "{'resources': {'ram': '1GiB'}}|resources.ram",
            "{'repository': 5}|repository",
            "{'repository': null}|repository",
            "{'ref': ['main']}|ref",
            "{'port': '80'}|port",
            "{'port': 0}|port",
            "{'port': 65536}|port",
            "{'port': 1e300}|port",
            "{'port': 80.5}|port",
            "{'instances': 0}|instances",
            "{'instances': 65}|instances",
            "{'instances': true}|instances",
            "{'env': ['A']}|env",
            "{'env': {'A': 5}}|env.A",
            "{'env': {'1A': 'x'}}|env.1A",
            "{'env': {'A-B': 'x'}}|env.A-B",
            "{'env': {'PORT': '1'}}|env.PORT",
            "{'env': {'ARGUS_INSTANCE': 'x'}}|env.ARGUS_INSTANCE",
            "{'env': {'A': 'x\\u0000y'}}|env.A",
            "{'resources': {'memory': 'much'}}|resources.memory",
            "{'resources': {'cpus': -1}}|resources.cpus",
            "{'isalive': {'interval': '0s'}}|isalive.interval",
            "{'isalive': {'path': 'isalive'}}|isalive.path",
            "{'isalive': {'path': '//evil.example/x'}}|isalive.path",
            "{'isalive': '/x'}|isalive",
            "{'hosts': ['a.com; } server { listen 81']}|hosts[0]",
            "{'data': ['../../x']}|data[0]",
            "{'data': ['/etc']}|data[0]",
            "{'start': './x; id'}|start",
            "{'build': 'a && b $(id)'}|build",
            "{'stopTimeout': 'soon'}|stopTimeout",
        })
@interface WrongFields {}
