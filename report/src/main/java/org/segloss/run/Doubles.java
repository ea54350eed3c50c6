package org.segloss.run;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.DoubleUnaryOperator;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/// Numbers in JSON. One that is NaN or infinite is `null`, since JSON has no word for it, and `null` is read as NaN.
final class Doubles {
    private Doubles() {}

    /// With all digits.
    static JacksonModule exact() {
        return module(new Writer(x -> x));
    }

    /// To so many significant digits.
    static JacksonModule rounded(int digits) {
        var context = new MathContext(digits);
        return module(new Writer(x -> new BigDecimal(x).round(context).doubleValue()));
    }

    private static JacksonModule module(Writer writer) {
        return new SimpleModule()
                .addSerializer(Double.class, writer)
                .addSerializer(double.class, writer)
                .addDeserializer(Double.class, new Reader())
                .addDeserializer(double.class, new Reader());
    }

    private static final class Writer extends ValueSerializer<Double> {
        private final DoubleUnaryOperator digits;

        Writer(DoubleUnaryOperator digits) {
            this.digits = digits;
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializationContext context) {
            if (Double.isFinite(value)) {
                json.writeNumber(digits.applyAsDouble(value));
            } else {
                json.writeNull();
            }
        }
    }

    private static final class Reader extends ValueDeserializer<Double> {
        @Override
        public Double deserialize(JsonParser json, DeserializationContext context) {
            return json.getDoubleValue();
        }

        @Override
        public Object getNullValue(DeserializationContext context) {
            return Double.NaN;
        }
    }
}
