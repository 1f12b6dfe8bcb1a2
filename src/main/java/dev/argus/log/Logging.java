package dev.argus.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.argus.config.ServerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets logback up in code: reading its XML costs a tenth of a second at every start. Found by logback as a service; until
 * {@link #apply} only warnings are told, so that the short commands stay quiet.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    /** Line ends inside a message are shown as {@code |}, so that one event is one line and nobody can forge another. */
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} %replace(%msg %ex){'[\\r\\n\\t]+', ' | '}%nopex%n";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        set(context, new ServerConfig.LogConfig("warn", "text"));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logs as {@code config} says from now on. */
    public static void apply(ServerConfig.LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            set(context, config);
        }
    }

    private static void set(LoggerContext context, ServerConfig.LogConfig config) {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, config.format()));
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        Level level = Level.toLevel(config.level());
        root.setLevel(level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO);
        context.getLogger("dev.argus").setLevel(level);
        // its probing of the machine is chatty and says nothing an operator could use
        context.getLogger("oshi").setLevel(Level.ERROR);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, String format) {
        if (format.equals("json")) {
            var json = new JsonEncoder();
            json.setContext(context);
            json.start();
            return json;
        }
        var text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        return text;
    }
}
